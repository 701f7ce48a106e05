// In V8 and Node since version 22, not yet in TypeScript's library.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => object };

/** A value that `JSON.stringify` writes as the given text: `66.0` stays `66.0`. The text must be one JSON scalar. */
export function jsonText(text: string): object {
  return rawJSON(text);
}

/** A double as an org's JSON shows it: always with a fraction or an exponent. */
export function jsonDouble(value: number): object {
  const text = String(value);
  return rawJSON(/[.e]/.test(text) ? text : `${text}.0`);
}

/** Parses JSON so that `JSON.stringify` writes its numbers again as they were. */
export function parseJson(text: string): unknown {
  return JSON.parse(text, (_, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && context.source !== String(value)
      ? jsonText(context.source)
      : value,
  );
}
