using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api;

public static class KnownCharset
{
    /// <summary>Refuses a body in an encoding that nobody knows. The framework would throw as if that were a mistake of ours.</summary>
    public static void UseKnownCharset(this IApplicationBuilder app) => app.Use(static (context, next) =>
        context.Request.ContentType is not null
        && context.Request.GetTypedHeaders().ContentType is { Charset.Length: > 0, Encoding: null } type
            ? ApiErrors.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, $"Content-Type: the charset '{type.Charset}' is not known. Send UTF-8.")
            : next(context));
}
