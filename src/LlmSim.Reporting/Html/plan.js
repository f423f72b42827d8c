// Copies command lines: by the button beside each, or by a click on a deployment's dot.
(() => {
  'use strict';
  const status = document.querySelector('.copied');

  async function copy(pre, name) {
    const text = pre.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Pages opened from a file may not have the clipboard: select the text and copy that.
      const range = document.createRange();
      range.selectNodeContents(pre);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      document.execCommand('copy');
    }
    status.textContent = `Copied: ${name}`;
    status.dataset.text = text;
  }

  document.querySelectorAll('.command button').forEach(button => button.addEventListener('click', () =>
    copy(button.previousElementSibling, button.closest('.commands').dataset.name)));

  document.querySelectorAll('figure').forEach(figure => figure.addEventListener('pick', event => {
    const block = [...document.querySelectorAll('.commands')].find(one => one.dataset.name === event.detail);
    if (block) {
      copy(block.querySelector('pre'), event.detail);
    }
  }));
})();
