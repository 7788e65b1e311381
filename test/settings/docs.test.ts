import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { generatedFiles } from '../../scripts/write-docs.js';
import { describeFields } from '../../src/settings/index.js';

describe('what is made from the schema', () => {
  it('is in step with it', () => {
    for (const [path, text] of Object.entries(generatedFiles()))
      assert.equal(
        readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
        text,
        `run "npm run docs": ${path}`,
      );
  });

  it('has a title, a help text and a default (or must be given) for every field', () => {
    for (const field of describeFields()) {
      assert.notEqual(field.title, field.path, field.path);
      assert.match(field.help, /\.$/, field.path);
      assert.ok(field.default !== undefined || ['name', 'source.url'].includes(field.path), field.path);
      if (field.type === 'integer' || field.type === 'number' || field.type === 'duration')
        assert.ok(field.path === 'version' || (field.min !== undefined && field.max !== undefined), field.path);
    }
  });
});
