const API_URL = "__API_URL__";
const output = document.querySelector("output");

async function call(path, options) {
  const response = await fetch(API_URL + path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

async function score(text) {
  let job = await call("/jobs", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  for (let attempt = 0; job.status === "queued" && attempt < 100; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    job = await call(`/jobs/${job.id}`);
  }
  return job.status === "done" ? `${job.words} words, ${job.letters} letters` : "Still waiting in the queue.";
}

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  output.textContent = "Scoring…";
  output.textContent = await score(document.querySelector("#text").value).catch((error) => error.message);
});

call("/").then(
  ({ greeting }) => { document.querySelector("#greeting").textContent = greeting; },
  (error) => { output.textContent = `The API does not answer: ${error.message}`; },
);
