// A signature with a finger: strokes as "x,y x,y;x,y …" on the field that data-sign names, in a hidden input.
(() => {
  "use strict";
  document.querySelectorAll("[data-sign]").forEach((box) => {
    const [width, height] = box.dataset.sign.split(" ").map(Number);
    const [input, canvas, again] = ["input", "canvas", "button"].map((name) => box.querySelector(name));
    const pen = canvas.getContext("2d");
    let strokes = input.value ? input.value.split(";").map((stroke) => stroke.split(" ")) : [];
    const draw = () => {
      pen.clearRect(0, 0, width, height);
      pen.strokeStyle = getComputedStyle(canvas).color;
      pen.lineWidth = 6;
      pen.lineCap = pen.lineJoin = "round";
      for (const stroke of strokes) {
        pen.beginPath();
        for (const point of stroke) pen.lineTo(...point.split(","));
        pen.stroke();
      }
      input.value = strokes.filter((stroke) => stroke.length > 1).map((stroke) => stroke.join(" ")).join(";");
    };
    const at = (e) => {
      const place = canvas.getBoundingClientRect();
      const on = (part, most) => Math.round(Math.min(Math.max(part, 0), 1) * most);
      return `${on((e.clientX - place.left) / place.width, width)},${on((e.clientY - place.top) / place.height, height)}`;
    };
    let drawing = false;
    canvas.addEventListener("pointerdown", (e) => {
      drawing = true;
      canvas.setPointerCapture(e.pointerId);
      strokes.push([at(e)]);
      e.preventDefault();
    });
    canvas.addEventListener("pointermove", (e) => {
      if (!drawing) return;
      const stroke = strokes[strokes.length - 1];
      const point = at(e);
      if (stroke[stroke.length - 1] === point || input.value.length > 30000) return;
      stroke.push(point);
      draw();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { drawing = false; });
    again.addEventListener("click", () => {
      strokes = [];
      draw();
    });
    canvas.hidden = again.hidden = false;
    draw();
  });
})();
