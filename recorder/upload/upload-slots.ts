import type { ObjectStore } from '../../storage/object-store.ts';
import { Slots } from '../../storage/slots.ts';

/** Enough to hide a store 100 ms away behind 100 recordings; more would only split the same bandwidth. */
const uploadsAtOnce = 16;

const slotsByStore = new WeakMap<ObjectStore, Slots>();

/** How many uploads of a process run at once into a store, whatever the number of recordings. */
export function uploadSlots(store: ObjectStore): Slots {
  const slots = slotsByStore.get(store) ?? new Slots(uploadsAtOnce);
  slotsByStore.set(store, slots);
  return slots;
}
