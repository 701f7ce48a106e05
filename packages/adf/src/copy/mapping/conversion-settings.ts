/** How values are converted: "Schema and data type mapping in copy activity", read 2026-11. */
export interface ConversionSettings {
  /** Whether digits and offsets may be lost. */
  readonly allowDataTruncation: boolean;
  /** Whether true becomes 1 in texts. */
  readonly treatBooleanAsNumber: boolean;
  /** .NET patterns; `undefined`: as ISO 8601. */
  readonly dateTimeFormat: string | undefined;
  readonly dateTimeOffsetFormat: string | undefined;
  readonly dateFormat: string | undefined;
  readonly timeSpanFormat: string | undefined;
}

/** What holds where `typeConversion` is not set. */
export const DEFAULT_CONVERSION: ConversionSettings = {
  allowDataTruncation: true,
  treatBooleanAsNumber: false,
  dateTimeFormat: undefined,
  dateTimeOffsetFormat: undefined,
  dateFormat: undefined,
  timeSpanFormat: undefined,
};
