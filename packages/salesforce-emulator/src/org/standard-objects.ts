import type { ObjectInput } from './org-definition.ts';

/**
 * The objects that every org has, whatever its definition says: who owns records, the org itself, and `Name`, the
 * describable object that stands for the parent of a polymorphic reference (`Owner.Name`, `What.Name`).
 */
export const STANDARD_OBJECTS: Readonly<Record<string, ObjectInput>> = {
  User: {
    owned: false,
    fields: {
      Username: { type: 'string', length: 80, idLookup: true, unique: true, nillable: false },
      Name: { type: 'string', length: 121, nameField: true, extraTypeInfo: 'personname', createable: false },
      FirstName: { type: 'string', length: 40, compoundFieldName: 'Name' },
      LastName: { type: 'string', length: 80, compoundFieldName: 'Name', nillable: false },
      Email: { type: 'email', length: 128, nillable: false },
      Alias: { type: 'string', length: 8, nillable: false },
      Title: { type: 'string', length: 80 },
      Phone: { type: 'phone' },
      IsActive: { type: 'boolean' },
      TimeZoneSidKey: { type: 'picklist', length: 40, restrictedPicklist: true, picklistValues: ['Etc/UTC'] },
      ManagerId: { type: 'reference', referenceTo: ['User'], relationshipName: 'Manager' },
    },
  },
  Group: {
    owned: false,
    fields: {
      Name: { type: 'string', length: 40, nameField: true, nillable: false },
      DeveloperName: { type: 'string', length: 80 },
      Type: {
        type: 'picklist',
        length: 40,
        restrictedPicklist: true,
        picklistValues: ['Regular', 'Queue', 'Organization'],
      },
      Email: { type: 'email' },
    },
  },
  Organization: {
    owned: false,
    fields: {
      Name: { type: 'string', length: 80, nameField: true, nillable: false },
      OrganizationType: { type: 'picklist', length: 40, picklistValues: ['Developer Edition', 'Enterprise Edition'] },
      IsSandbox: { type: 'boolean' },
      InstanceName: { type: 'string', length: 5 },
      NamespacePrefix: { type: 'string', length: 15 },
      TrialExpirationDate: { type: 'datetime' },
    },
  },
  Name: {
    keyPrefix: '0ZZ',
    owned: false,
    queryable: false,
    createable: false,
    bulk: false,
    fields: {
      Name: { type: 'string', length: 255, nameField: true },
      FirstName: { type: 'string', length: 40 },
      LastName: { type: 'string', length: 80 },
      Type: { type: 'picklist', length: 40 },
      Alias: { type: 'string', length: 8 },
      Username: { type: 'string', length: 80 },
      Email: { type: 'email' },
      Phone: { type: 'phone' },
      Title: { type: 'string', length: 128 },
      IsActive: { type: 'boolean', nillable: true },
    },
  },
};

/** Of an org that has reports. */
export const REPORT_OBJECT: ObjectInput = {
  keyPrefix: '00O',
  createable: false,
  fields: {
    Name: { type: 'string', length: 40, nameField: true, nillable: false },
    DeveloperName: { type: 'string', length: 80, nillable: false },
    Description: { type: 'string', length: 255 },
    Format: { type: 'picklist', length: 40, picklistValues: ['Tabular', 'Summary', 'Matrix', 'MultiBlock'] },
  },
};

export const NAME_OBJECT = 'Name';
