using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Requests;

/// <summary>
/// Looks at the body of a request before an endpoint reads it. No body at all is refused: it is a mistake of the client, and
/// must not count as an empty list, which deletes everything. The body <c>null</c> is an empty list or an object without
/// fields, because clients written in Go send it for a list that they never filled.
/// </summary>
internal static class JsonBodies
{
    // "null", and the white space that clients put around it.
    private const int LongestNull = 64;

    public static void UseJsonBodies(this IApplicationBuilder app)
    {
        var json = app.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        app.Use((context, next) => TypeOf(context) is { } type ? PrepareAsync(context, json.GetTypeInfo(type), next) : next(context));
    }

    /// <summary>Whether a request has no body. The server knows, except for a chunked one that turns out to be empty.</summary>
    public static bool IsMissing(HttpContext context) =>
        context.Request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    /// <param name="type">What the endpoint reads; null if it is not known.</param>
    public static string MissingMessage(JsonTypeInfo? type)
    {
        var required = type is { Kind: JsonTypeInfoKind.Object } ? type.Properties.Where(property => property.IsRequired).Select(property => property.Name).ToList() : [];
        var what = type switch
        {
            null => "JSON",
            { Kind: JsonTypeInfoKind.Enumerable } => "a JSON list, [] for none",
            _ when required.Count > 0 => $"a JSON object with {string.Join(", ", required)}",
            _ => "a JSON object, {} for no fields",
        };
        return $"The request has no body. Send {what}, with the header 'Content-Type: application/json'.";
    }

    /// <summary>Returns the type that the endpoint must read from a JSON body; null if it reads none, or may do without.</summary>
    private static Type? TypeOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type } accepts && accepts.ContentTypes.Contains("application/json")
            && (!accepts.IsOptional || !IsMissing(context))
            ? type
            : null;

    private static async Task PrepareAsync(HttpContext context, JsonTypeInfo type, RequestDelegate next)
    {
        switch (IsMissing(context) ? "" : await StartAsync(context.Request.BodyReader, context.RequestAborted))
        {
            case "":
                throw Refusal.Invalid(MissingMessage(type));
            case "null" when NullIsEmpty.EmptyOf(type) is { } empty:
                context.Request.Body = new MemoryStream(empty, writable: false);
                break;
            default:
                break;
        }
        await next(context);
    }

    /// <summary>Returns a short body without the white space around it, and null for a longer one. Nothing is consumed.</summary>
    private static async Task<string?> StartAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var isLong = result.Buffer.Length > LongestNull;
            if (isLong || result.IsCompleted)
            {
                var text = isLong ? null : System.Text.Encoding.UTF8.GetString(result.Buffer.ToArray()).Trim();
                body.AdvanceTo(result.Buffer.Start);
                return text;
            }
            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
