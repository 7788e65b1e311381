export async function probe(_c: unknown, _s: AbortSignal): Promise<void> {}
