// All kernels, as one WASM module over one imported memory. A kernel takes addresses and sizes, touches nothing else
// and keeps no state. Each has a plain TypeScript reference under test/engine/reference which it must match bit for bit.

export * from './downscale.as';
