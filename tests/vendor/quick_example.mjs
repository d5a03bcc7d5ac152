// The quick example of the vendor's documentation, in JavaScript: one request, its reply printed.
const response = await fetch('https://api.aimlapi.com/v1/images/generations', {
  method: 'POST',
  headers: {
    Authorization: 'Bearer <YOUR_AIMLAPI_KEY>',
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({
    prompt: 'Racoon eating ice-cream',
    model: 'google/imagen-4.0-generate-001',
    aspect_ratio: '16:9',
  }),
});
console.log(JSON.stringify(await response.json(), null, 2));
