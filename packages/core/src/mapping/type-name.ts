import { DataType } from 'apache-arrow';

import { typeText } from '../schema/same-schema.ts';

/** Equal for equal types among those that can be cast to: values, and dictionaries of values. */
export function typeName(type: DataType): string {
  return DataType.isDictionary(type) ? `${typeText(type)} of ${typeText(type.dictionary)}` : typeText(type);
}
