// Runs nets with onnxruntime-node, in a thread of its own: its `run` looks asynchronous but blocks the thread it is
// called on, for tens of milliseconds, and a frame must not wait for that. All nets of a shield share one such thread;
// what is asked is answered in order.

import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-node';
import { locateNative } from '../native.js';

export interface Tensor {
  readonly data: Uint8Array | Float32Array;
  readonly shape: readonly number[];
}

/** A tensor as a net declares it: a name stands for a free size. */
export interface Port {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** A net, loaded. */
export interface Net {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** All outputs by name. Rejects when the net cannot take this, or the runtime was closed. */
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Float32Array>>;
}

interface Answer {
  readonly id: number;
  readonly error?: string;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly results: Record<string, Float32Array>;
}

/**
 * The thread's program. A text, because there is no file that could be named: this code also runs as one bundle in
 * Scrypted, and straight from TypeScript in tests, where threads do not get the loader.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const ort = require(workerData.path);
const nets = new Map();
parentPort.on('message', async ({ id, net, model, inputs }) => {
  if (id === undefined) return parentPort.close();
  try {
    if (model) {
      const session = await ort.InferenceSession.create(model, workerData.options);
      nets.set(net, session);
      const ports = (all) => all.map(({ name, type, shape }) => ({ name, type, shape }));
      parentPort.postMessage({ id, inputs: ports(session.inputMetadata), outputs: ports(session.outputMetadata) });
      return;
    }
    const feeds = {};
    for (const [name, { data, shape }] of Object.entries(inputs))
      feeds[name] = new ort.Tensor(data instanceof Float32Array ? 'float32' : 'uint8', data, shape);
    const results = {};
    for (const [name, { data }] of Object.entries(await nets.get(net).run(feeds))) results[name] = data;
    parentPort.postMessage({ id, results }, [...new Set(Object.values(results).map(({ buffer }) => buffer))]);
  } catch (error) {
    parentPort.postMessage({ id, error: String((error && error.message) || error).split('\\n')[0] });
  }
});
`;

export class Runtime {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  readonly #exited: Promise<void>;
  #ended: Error | undefined;
  #count = 0;

  /**
   * @param threads how many processors one inference may use
   * @throws Error with the reason when onnxruntime-node cannot be had on this machine
   */
  constructor(threads = 1) {
    const native = locateNative('onnxruntime-node');
    if (!native.ok) throw new Error(native.reason);
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all', // "extended" leaves out layouts that are worth a quarter of the time
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' } } }, // idle threads would spin, and warm the house
    };
    this.#thread = new Worker(PROGRAM, { eval: true, execArgv: [], workerData: { path: native.path, options } });
    this.#thread.unref(); // only a question under way keeps the process alive
    this.#thread.on('message', (answer: Answer) => this.#answer(answer));
    this.#thread.on('error', (error) => this.#end(error));
    this.#exited = new Promise((resolve) => {
      this.#thread.on('exit', () => {
        this.#end(new Error('the thread of the detector ended'));
        resolve();
      });
    });
  }

  /** @param model the bytes of an ONNX file. Rejects when they are no net that onnxruntime can run. */
  async load(model: Uint8Array): Promise<Net> {
    const net = this.#count;
    const { inputs, outputs } = await this.#ask({ net, model });
    return {
      inputs,
      outputs,
      run: async (tensors) => (await this.#ask({ net, inputs: tensors })).results,
    };
  }

  /**
   * What is under way rejects; resolves when the thread has ended. It is asked to, never made to: onnxruntime takes the
   * whole process down when its thread is stopped amid an inference. One that hangs is ended with the process only.
   */
  async close(): Promise<void> {
    this.#end(new Error('the detector was closed'));
    this.#thread.ref();
    this.#thread.postMessage({});
    await this.#exited;
  }

  #ask(question: object): Promise<Answer> {
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#thread.ref();
      this.#thread.postMessage({ id, ...question });
    });
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#thread.unref();
    if (answer.error === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(answer.error));
  }

  #end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
