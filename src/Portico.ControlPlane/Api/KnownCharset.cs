using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api;

internal static class KnownCharset
{
    /// <summary>Rejects bodies in an unknown encoding. Otherwise the framework would report an internal error.</summary>
    public static void UseKnownCharset(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.Request.ContentType is not null
        && context.Request.GetTypedHeaders().ContentType is { Charset.Length: > 0, Encoding: null } type
            ? ApiErrors.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Type: unknown charset '{type.Charset}'. Use UTF-8.")
            : next(context));
}
