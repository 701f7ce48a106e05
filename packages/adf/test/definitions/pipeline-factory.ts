import { messagesOf, pipelineOf } from './factory-files.ts';

export type Json = Readonly<Record<string, unknown>>;

export const wait = (name: string, more: Json = {}): Json => ({
  name,
  type: 'Wait',
  typeProperties: { waitTimeInSeconds: 1 },
  ...more,
});

export const after = (...names: readonly string[]): Json => ({
  dependsOn: names.map((activity) => ({ activity, dependencyConditions: ['Succeeded'] })),
});

/** Errors of a pipeline of these activities, their paths without what all have in common. */
export function errorsOf(
  activities: readonly Json[],
  more: Json = {},
  options?: Parameters<typeof pipelineOf>[2],
): readonly string[] {
  return messagesOf(pipelineOf(activities, more, options)).map((text) =>
    text.replace(/^properties\.(activities)?/, ''),
  );
}

export const setVariable = (name: string, value: unknown): Json => ({
  name: 'Set',
  type: 'SetVariable',
  typeProperties: { variableName: name, value },
});
