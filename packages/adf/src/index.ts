export type {
  CallNode,
  ExpressionNode,
  LiteralNode,
  PathNode,
  PathStep,
  Template,
  TemplateContent,
} from './expression/expression-ast.ts';
export type { ExpressionSource } from './expression/expression-fault.ts';
export type { ExpressionContext, ExpressionDeclarations, ExpressionScope } from './expression/expression-scope.ts';
export type { ExpressionObject, ExpressionValue } from './expression/expression-value.ts';
export { evaluateJson, findExpressionProblems } from './expression/expression-json.ts';
export { evaluateTemplate } from './expression/evaluate-template.ts';
export { functionNames } from './expression/function-table.ts';
export { conceal } from './expression/secret-value.ts';
export { checkTemplate } from './expression/template-check.ts';
export { parseTemplate } from './expression/template-parser.ts';
export { printExpression, printTemplate } from './expression/template-printer.ts';
export type {
  Activity,
  AppendVariableActivity,
  ContainerActivity,
  CopyActivity,
  ExecutePipelineActivity,
  FailActivity,
  FilterActivity,
  ForEachActivity,
  IfConditionActivity,
  LookupActivity,
  ScriptActivity,
  SetVariableActivity,
  SwitchActivity,
  SwitchCase,
  UnavailableActivity,
  UntilActivity,
  WaitActivity,
} from './definition/activity/activity.ts';
export type {
  Dataset,
  Definition,
  DefinitionKind,
  Definitions,
  Factory,
  LinkedService,
  Pipeline,
} from './definition/factory.ts';
export type { FactoryFile, ReadOptions } from './load/factory-file.ts';
export { factoryFiles, loadFactory, type LoadOptions } from './load/load-factory.ts';
export { readFactory, type ReadFactory } from './load/read-factory.ts';
export { definitionsInvalid, type DefinitionProblem, problemText } from './problem/definition-problem.ts';
export {
  environmentVault,
  type EnvironmentVaultOptions,
  firstVault,
  folderVault,
  memoryVault,
} from './secrets/local-vaults.ts';
export type { VaultProvider, VaultRequest } from './secrets/vault-provider.ts';
export type { LegacyRewrite } from './legacy/legacy-rewrite.ts';
export type { ReportLookup } from './legacy/source-upgrade.ts';
export {
  type FactoryUpgrade,
  upgradeFactory,
  type UpgradedFile,
  type UpgradeGap,
  type UpgradeOptions,
} from './legacy/upgrade-factory.ts';
export type { DataOptions } from './copy/data-options.ts';
export type { ActivityLabel, PipelineEvent } from './run/run-engine.ts';
export { runPipeline, type RunPipelineOptions } from './run/run-factory.ts';
export type { PipelineResult } from './run/run-pipeline.ts';
export type {
  ActivityError,
  ActivityRun,
  ActivityStatus,
  InvokedBy,
  PipelineRun,
  PipelineStatus,
} from './run/run-record.ts';
export { pipelineParameters } from './run/pipeline-parameters.ts';
export { type HistoryEntry, type PastRun, RunHistories, type RunHistory } from './run/run-history.ts';
export type { PipelineRunSummary } from './run/run-summary.ts';
export { refusedRun } from './run/refused-run.ts';
export { requireConnectors } from './copy/start-check.ts';
export { abandonCopies, type AbandonCopiesOptions } from './copy/abandon-copies.ts';
export type { CopyStates } from './copy/copy-states.ts';
export { findReports } from './inspect/find-reports.ts';
export type { InspectOptions } from './inspect/inspect-options.ts';
export { discover, testConnection } from './inspect/linked-service-probe.ts';
export { type Preview, previewDataset, type PreviewOptions } from './inspect/preview-dataset.ts';
