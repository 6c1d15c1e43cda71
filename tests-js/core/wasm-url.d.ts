declare module 'corsac/core.simd.wasm?url' {
  const url: string;
  export default url;
}
