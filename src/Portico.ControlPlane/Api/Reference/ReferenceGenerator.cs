using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Portico.ControlPlane.Platform;

namespace Portico.ControlPlane.Api.Reference;

/// <summary>The framework's generator of OpenAPI documents, with a document for each part of the API.</summary>
internal static class ReferenceGenerator
{
    public static void AddTo(IServiceCollection services)
    {
        services.AddOpenApi(ReferenceDocuments.Render, options => Describe(options, "v1/", "Render's API, as implemented by Portico"));
        services.AddOpenApi(ReferenceDocuments.Portico, options => Describe(options, "portico/v1/", "Portico's additions to Render's API"));
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
}
