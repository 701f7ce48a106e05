/** A type as Arrow writes it; equal texts are equal types. */
export function typeText(type: { toString(): string }): string {
  return type.toString();
}
