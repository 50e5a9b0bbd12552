export type MetadataValue = string | number | boolean;

/** As people write it: `true`, `3` and `"3"` are what they are in JSON, everything else is text. */
export function parseMetadataValue(text: string): MetadataValue {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  } catch {
    // Text.
  }
  return text;
}

/** Reads back as what it is. */
export function formatMetadataValue(value: MetadataValue): string {
  const text = String(value);
  return parseMetadataValue(text) === value ? text : JSON.stringify(value);
}
