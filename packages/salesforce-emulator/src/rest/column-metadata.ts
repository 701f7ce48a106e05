import type { FieldType, QueryResult, ResultColumn } from '../org/org.ts';

const APEX_TYPES: Partial<Record<FieldType, string>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  long: 'Long',
  double: 'Double',
  currency: 'Decimal',
  percent: 'Double',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
  address: 'System.Address',
  location: 'System.Location',
};

const NUMBER_TYPES = new Set<FieldType>(['int', 'long', 'double', 'currency', 'percent']);

interface ColumnNode {
  readonly name: string;
  readonly column: ResultColumn | undefined;
  readonly children: ColumnNode[];
}

/** The answer to `?columns=true`: what the columns of a query are, parents nested, and no rows. */
export function columnMetadata({ object, columns, isAggregate }: QueryResult): object {
  const root: ColumnNode = { name: '', column: undefined, children: [] };
  for (const column of columns) {
    let node = root;
    for (const [depth, name] of column.path.entries()) {
      let child = node.children.find((candidate) => candidate.name === name);
      if (child === undefined) {
        child = { name, column: depth === column.path.length - 1 ? column : undefined, children: [] };
        node.children.push(child);
      }
      node = child;
    }
  }
  return {
    columnMetadata: root.children.map((node) => describeColumn(node, isAggregate)),
    entityName: object.name,
    groupBy: isAggregate,
    idSelected: columns.some(({ path }) => path.join('.') === 'Id'),
    keyPrefix: object.keyPrefix,
  };
}

function describeColumn({ name, column, children }: ColumnNode, aggregate: boolean): object {
  const type = column?.type;
  return {
    aggregate,
    apexType: type === undefined ? null : (APEX_TYPES[type] ?? 'String'),
    booleanType: type === 'boolean',
    columnName: name,
    custom: column?.field.custom ?? /__r$/i.test(name),
    displayName: name,
    foreignKeyName: children.length > 0 ? name : null,
    insertable: column?.field.createable ?? false,
    joinColumns: children.map((child) => describeColumn(child, aggregate)),
    numberType: type !== undefined && NUMBER_TYPES.has(type),
    textType: type !== undefined && APEX_TYPES[type] === undefined,
    updatable: column?.field.updateable ?? false,
  };
}
