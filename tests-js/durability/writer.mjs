// Writes pairs of documents in strict mode until it is killed, and says which were acknowledged.
// Arguments: the module of the package, a folder, the first number.
const [, , module, directory, first] = process.argv;
const { VectorStore } = await import(module);
const store = await VectorStore.open('killed', {
  storage: { directory },
  durability: 'strict',
  checkpoint: { operations: 120 },
});
const collection = await store.getOrCreateCollection('c', { dimension: 4, index: { kind: 'hnsw' } });

const document = (number, half) => ({
  id: `${number}-${half}`,
  content: `pair ${number}`,
  embedding: [Math.sin(number), Math.cos(number), half, 1],
  metadata: { number },
});

let next = Number(first);
const chain = async () => {
  for (;;) {
    const number = next++;
    await collection.insertMany([document(number, 0), document(number, 1)]);
    process.stdout.write(`${number}\n`);
  }
};
await Promise.all([chain(), chain(), chain()]);
