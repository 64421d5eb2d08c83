using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Api.Platform;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Reference;

/// <summary>
/// The OpenAPI documents, generated from the endpoints, and a page that shows them. They are public because they contain no
/// user data.
/// </summary>
internal static class ReferenceApi
{
    public static IServiceCollection AddReference(this IServiceCollection services)
    {
        services.AddSingleton(provider => new ReferenceDocuments(provider, services));
        return services;
    }

    public static void MapReference(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/{documentName}.json", ReadDocumentAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/reference", BrowserPages.Reading, ReadPage).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ReadDocumentAsync(string documentName, ReferenceDocuments documents) =>
        await documents.ReadAsync(documentName) is { } json
            ? Results.Bytes(json, "application/json; charset=utf-8")
            : throw Refusal.NotFound("OpenAPI document", documentName);

    private static IResult ReadPage() => Results.Stream(
        typeof(ReferenceApi).Assembly.GetManifestResourceStream("reference.html")!, "text/html; charset=utf-8");
}
