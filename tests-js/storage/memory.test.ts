import { describe, test } from 'vitest';

import { MemoryMedium, MemoryStore } from '../../js/storage/memory.js';
import { byteStoreCases } from './byte-store.contract.js';

describe('MemoryStore keeps the ByteStore contract', () => {
  let medium = new MemoryMedium();
  const homes = {
    open: async () => MemoryStore.open(medium),
    wipe: async () => void (medium = new MemoryMedium()),
  };
  for (const { name, run } of byteStoreCases(homes)) test(name, run);
});
