// A process that ends amid its work, for the test of what it leaves behind. Prints the ids of its children first.
import { findFfmpeg } from '../../src/video/ffmpeg.js';
import { openSink } from '../../src/video/sink.js';
import { openSource } from '../../src/video/source.js';
import { ffmpegsOf, maskNothing } from './support.js';

const [input, output] = process.argv.slice(2) as [string, string];
const ffmpeg = await findFfmpeg();
const source = await openSource(input, { ffmpeg });
const sink = await openSink(output, { ffmpeg, info: source.info });
const { pool, masked } = maskNothing(source.info);
const { value } = await source.packets(pool).next();
if (value?.kind === 'frame') await sink.write(masked(value.frame));
process.stdout.write(JSON.stringify(await ffmpegsOf(process.pid)), () => process.exit(7));
