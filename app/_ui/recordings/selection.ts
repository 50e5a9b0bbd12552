/** Which rows of a page are selected, and the row that a range begins at. */
export interface Selection {
  ids: ReadonlySet<string>;
  anchor: string | null;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: null };

export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Everything from the anchor to this row, beside what is selected already. Without an anchor on the page: this row. */
export function selectTo(selection: Selection, id: string, order: readonly string[]): Selection {
  const end = order.indexOf(id);
  const start = selection.anchor === null ? -1 : order.indexOf(selection.anchor);
  if (end < 0) return selection;
  const [first, last] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
  const ids = new Set([...selection.ids, ...order.slice(first, last + 1)]);
  return { ids, anchor: start < 0 ? id : selection.anchor };
}

/** Everything, or nothing when everything is. */
export function toggleAll({ ids }: Selection, order: readonly string[]): Selection {
  return order.every((id) => ids.has(id)) ? nothingSelected : { ids: new Set(order), anchor: null };
}

/** What is still there. */
export function among({ ids, anchor }: Selection, order: readonly string[]): Selection {
  return { ids: new Set(order.filter((id) => ids.has(id))), anchor };
}
