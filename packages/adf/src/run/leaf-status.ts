import type { ActivityStatus } from './run-record.ts';

export interface GraphNode {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly status: ActivityStatus;
}

/**
 * The nodes that decide how a list of activities ended: its leaves, where a skipped one is stood in for by what it
 * depends on. All have to have succeeded.
 *
 * Azure Data Factory, "Errors and conditional execution", read 2026-11.
 */
export function decidingNodes<Node extends GraphNode>(nodes: readonly Node[]): readonly Node[] {
  const byName = new Map(nodes.map((node) => [node.name.toLowerCase(), node]));
  const inner = new Set(nodes.flatMap(({ dependsOn }) => dependsOn.map((name) => name.toLowerCase())));
  const deciding = new Set<Node>();
  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    if (node.status !== 'Skipped' || node.dependsOn.length === 0) deciding.add(node);
    else for (const name of node.dependsOn) visit(byName.get(name.toLowerCase())!);
  };
  for (const node of nodes) if (!inner.has(node.name.toLowerCase())) visit(node);
  return [...deciding];
}
