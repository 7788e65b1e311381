// As much of Protocol Buffers as writing a file needs: three wire types and nesting. ONNX files are protobuf messages, and
// the libraries for them weigh megabytes and want install scripts.
// Source: https://protobuf.dev/programming-guides/encoding/

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

/** A field, encoded: its tag and its value. */
export type Field = Uint8Array;

/** An integer from -(2^53) to 2^53; negative ones take ten bytes, as two's complement of 64 bits. */
export function integer(number: number, value: number): Field {
  return Buffer.concat([varint((number << 3) | VARINT), varint(value)]);
}

export function float(number: number, value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((number << 3) | FIXED32), bytes]);
}

export function bytes(number: number, value: Uint8Array): Field {
  return Buffer.concat([varint((number << 3) | LENGTH), varint(value.length), value]);
}

export function text(number: number, value: string): Field {
  return bytes(number, Buffer.from(value));
}

export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, Buffer.concat(fields));
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) digits.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...digits, Number(rest)]);
}
