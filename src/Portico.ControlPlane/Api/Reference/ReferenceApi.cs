using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Portico.ControlPlane.Api.Platform;
using Portico.ControlPlane.Platform;
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
        services.AddSingleton<ReferenceDocuments>();
        services.AddOpenApi(ReferenceDocuments.Render, options => Describe(options, "v1/", "Render's API, as implemented by Portico"));
        services.AddOpenApi(ReferenceDocuments.Portico, options => Describe(options, "portico/v1/", "Portico's additions to Render's API"));
        return services;
    }

    public static void MapReference(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/{documentName}.json", ReadDocumentAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/reference", BrowserPages.Reading, ReadPage).AllowAnonymous().ExcludeFromDescription();
    }

    private static void Describe(OpenApiOptions options, string prefix, string title)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith(prefix, StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = title, Version = PlatformVersion.Text };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(OperationDescription.ApplyAsync);
    }

    private static async Task<IResult> ReadDocumentAsync(string documentName, ReferenceDocuments documents) =>
        await documents.ReadAsync(documentName) is { } json
            ? Results.Bytes(json, "application/json; charset=utf-8")
            : throw Refusal.NotFound("OpenAPI document", documentName);

    private static IResult ReadPage() => Results.Stream(
        typeof(ReferenceApi).Assembly.GetManifestResourceStream("reference.html")!, "text/html; charset=utf-8");
}
