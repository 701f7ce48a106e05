import { isCompound } from '../org/field-capabilities.ts';
import { type ObjectDefinition, SoqlFault } from '../org/org.ts';
import type { Expression } from './expression-compiler.ts';
import { isAggregateCall } from './expression-compiler.ts';
import type { QueryNode } from './soql-ast.ts';

/** @throws {SoqlFault} for a clause that Bulk API 2.0 query jobs do not take. */
export function refuseClausesInBulk(query: QueryNode): void {
  const { select, groupBy, having, offset } = query;
  const isAggregate = select.some((item) => item.kind === 'expression' && isAggregateCall(item.expression));
  if (isAggregate || groupBy.length > 0 || having !== undefined) {
    throw new SoqlFault('API_ERROR', 'Aggregate Relationships not supported in Bulk Query');
  }
  if (select.some(({ kind }) => kind === 'subquery')) {
    throw new SoqlFault('API_ERROR', 'Aggregate Relationships not supported in Bulk V2 Query with CSV content type');
  }
  if (select.some(({ kind }) => kind === 'typeof')) {
    throw new SoqlFault('API_ERROR', 'TYPEOF not supported in Bulk Query');
  }
  if (offset !== undefined) throw new SoqlFault('API_ERROR', 'OFFSET not supported in Bulk Query');
}

/** @throws {SoqlFault} for an object that Bulk API 2.0 query jobs do not read. */
export function refuseObjectInBulk(object: ObjectDefinition): void {
  if (!object.bulk) throw new SoqlFault('INVALIDENTITY', `Entity '${object.name}' is not supported by the Bulk API.`);
}

/** @throws {SoqlFault} for a field whose values have no form in CSV. */
export function refuseFieldInBulk({ field }: Expression): void {
  if (isCompound(field)) throw new SoqlFault('API_ERROR', 'Selecting compound data not supported in Bulk Query');
  if (field.type === 'base64') {
    throw new SoqlFault('FEATURENOTENABLED', `Cannot serialize value for '${field.name}' in CSV format`);
  }
}
