// The house's own detector: people, vehicles and animals by NanoDet, faces by UltraFace, plates and better faces or people
// by nets of the user's own; on the whole picture and on tiles, and for faces on the heads of the people found, where a face
// is large in the net's eye. Single detections at a low threshold; what persists and what not is the tracks' business.

import { InputError } from '../errors.js';
import { suppress } from './boxes.js';
import type { Detection, Detector, Kind, Picture, Rect, Request, Size } from './detection.js';
import { letterboxRgb } from './letterbox.js';
import { type OwnModel, readModel, readOwnModel } from './models.js';
import { decodeNanoDet, isNanoDetKind, type NanoDetKind, nanoDetSize } from './nanodet.js';
import { checkLayout, decodeYolox, decodeYuNet, type Layout, planarBgr } from './own-models.js';
import { Runtime } from './runtime.js';
import { decodeSelfie, SELFIE_SIZE, surroundings } from './selfie.js';
import { decodeUltraFace, headOf, ULTRAFACE_SIZE, ultraFaceInput } from './ultraface.js';

export interface DetectorOptions {
  /** What to look for. */
  readonly kinds: readonly Kind[];
  /** Least score, 0..1, by kind; the defaults find nearly everyone, and two in five of the people found are none. */
  readonly thresholds?: Partial<Readonly<Record<Kind, number>>>;
  /** Use NanoDet in float: two to three times slower, for processors where integers go wrong. */
  readonly float?: boolean;
  /** Processors for one inference; 1 unless told. */
  readonly threads?: number;
  /** Nets of the user's own: of the layout YOLOX for people and plates, of YuNet for faces. */
  readonly own?: { readonly person?: OwnModel; readonly face?: OwnModel; readonly plate?: OwnModel };
}

const THRESHOLDS: Readonly<Record<Kind, number>> = { person: 0.2, face: 0.5, vehicle: 0.3, animal: 0.3, plate: 0.3 };
/** Overlap from which two boxes are taken for the same thing. Crowds overlap a lot, faces do not. */
const SAME = { faces: 0.3, others: 0.6 };

/** Least score of a person whose head is looked at for a face: below, most heads are none, and some look like faces. */
const SURE_PERSON = 0.3;

/** Looks at one part of a picture. */
type Finder = (picture: Picture, region: Rect) => Promise<Detection[]>;

/**
 * Loads what the kinds need.
 * @throws InputError when a model of the user's own is wrong, or plates are wanted without one
 * @throws Error when onnxruntime-node or a model cannot be loaded
 */
export async function openDetector(options: DetectorOptions): Promise<Detector> {
  if (options.kinds.includes('plate') && !options.own?.plate)
    throw new InputError('the target "plates" needs a model of your own: set its path and its SHA-256');
  const runtime = new Runtime(options.threads);
  try {
    return await loadDetector(runtime, options);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

async function loadDetector(runtime: Runtime, options: DetectorOptions): Promise<Detector> {
  const { kinds, own = {}, float = false } = options;
  const thresholds = { ...THRESHOLDS, ...options.thresholds };
  const wants = (kind: Kind) => kinds.includes(kind);
  // heads are looked for on people, so faces need people, too
  const needed = wants('face') && !wants('person') ? ([...kinds, 'person'] as const) : kinds;
  const classes = needed.filter(isNanoDetKind).filter((kind) => kind !== 'person' || !own.person);

  const objects: Finder[] = [];
  if (classes.length > 0)
    objects.push(await nanoDet(runtime, float ? 'nanodet-float' : 'nanodet', classes, thresholds));
  if (own.person && needed.includes('person'))
    objects.push(await ownNet(runtime, own.person, 'yolox', 'person', thresholds.person));
  if (own.plate && wants('plate')) objects.push(await ownNet(runtime, own.plate, 'yolox', 'plate', thresholds.plate));
  const findFaces = !wants('face')
    ? undefined
    : own.face
      ? await ownNet(runtime, own.face, 'yunet', 'face', thresholds.face)
      : await ultraFace(runtime, thresholds.face);
  let drawSilhouette: Promise<(picture: Picture, person: Detection) => Promise<Detection>> | undefined;

  return {
    async detect(picture: Picture, { whole = true, tiles = [], silhouettes = false }: Request = {}) {
      // what comes after the first await looks at a copy: by then the frame's memory may hold another frame
      const kept = findFaces || silhouettes ? { ...picture, data: picture.data.slice() } : picture;
      const regions = [...(whole ? [{ x: 0, y: 0, width: picture.width, height: picture.height }] : []), ...tiles];
      const everywhere = (find: Finder) => regions.map((region) => find(kept, region));
      const things = suppress((await Promise.all(objects.flatMap(everywhere))).flat(), SAME.others);
      const faces = findFaces
        ? await Promise.all([
            ...everywhere(findFaces),
            ...things.filter(hasHead).map(({ box }) => findFaces(kept, headOf(box))),
          ])
        : [];
      const found = [...things, ...suppress(faces.flat(), SAME.faces)]
        .filter(({ kind }) => wants(kind))
        .sort((a, b) => b.score - a.score);
      if (!silhouettes) return found;
      drawSilhouette ??= selfie(runtime);
      const draw = await drawSilhouette;
      return Promise.all(found.map((detection) => (isPerson(detection) ? draw(kept, detection) : detection)));
    },
    close: () => runtime.close(),
  };
}

async function nanoDet(
  runtime: Runtime,
  model: 'nanodet' | 'nanodet-float',
  kinds: readonly NanoDetKind[],
  thresholds: Readonly<Record<Kind, number>>,
): Promise<Finder> {
  const net = await runtime.load(await readModel(model));
  return async (picture, region) => {
    const size = nanoDetSize(region);
    const outputs = await net.run({ rgb: { data: letterboxRgb(picture, region, size), shape: bytesShape(size) } });
    return kinds.flatMap((kind) => decodeNanoDet(outputs, picture, region, [kind], thresholds[kind]));
  };
}

async function ultraFace(runtime: Runtime, threshold: number): Promise<Finder> {
  const net = await runtime.load(await readModel('ultraface'));
  return async (picture, region) => {
    const data = ultraFaceInput(letterboxRgb(picture, region, ULTRAFACE_SIZE));
    const outputs = await net.run({ input: { data, shape: planesShape(ULTRAFACE_SIZE) } });
    return decodeUltraFace(outputs, picture, region, threshold);
  };
}

async function ownNet(
  runtime: Runtime,
  model: OwnModel,
  layout: Layout,
  kind: Kind,
  threshold: number,
): Promise<Finder> {
  const bytes = await readOwnModel(model);
  const net = await runtime.load(bytes).catch((error: Error) => {
    throw new InputError(`the model ${model.path} cannot be loaded (${error.message}): give an ONNX file`);
  });
  const size = checkLayout(net, layout, model.path);
  const [input] = net.inputs;
  const [output] = net.outputs;
  return async (picture, region) => {
    const data = planarBgr(letterboxRgb(picture, region, size));
    const outputs = await net.run({ [input.name]: { data, shape: planesShape(size) } });
    const view = { picture, region, size };
    return layout === 'yunet'
      ? decodeYuNet(outputs, view, threshold)
      : decodeYolox(outputs[output.name], view, kind, threshold);
  };
}

async function selfie(runtime: Runtime): Promise<(picture: Picture, person: Detection) => Promise<Detection>> {
  const net = await runtime.load(await readModel('selfie'));
  const [input] = net.inputs;
  const [output] = net.outputs;
  return async (picture, person) => {
    const region = surroundings(person.box);
    const data = letterboxRgb(picture, region, SELFIE_SIZE);
    const outputs = await net.run({ [input.name]: { data, shape: bytesShape(SELFIE_SIZE) } });
    return { ...person, silhouette: decodeSelfie(outputs[output.name], region) };
  };
}

function bytesShape({ width, height }: Size): number[] {
  return [1, height, width, 3];
}

function planesShape({ width, height }: Size): number[] {
  return [1, 3, height, width];
}

function isPerson({ kind }: Detection): boolean {
  return kind === 'person';
}

function hasHead(detection: Detection): boolean {
  return isPerson(detection) && detection.score >= SURE_PERSON;
}
