using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;

namespace Portico.ControlPlane.Api.Reference;

/// <summary>Adds to the OpenAPI document what the framework cannot see in an endpoint: its name, filters, paging, permission and errors.</summary>
internal static class OperationDescription
{
    private static readonly Lazy<IReadOnlyDictionary<string, string[]>> Filters = new(ReadFilters);

    public static Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var render = metadata.OfType<RenderOperation>().FirstOrDefault();
        operation.OperationId = render?.Id;
        operation.Description = string.Join("\n\n", Sentences(render, metadata));
        operation.Parameters ??= [];
        var takes = metadata.OfType<MethodInfo>().FirstOrDefault()?.GetParameters().Select(item => item.ParameterType).ToHashSet() ?? [];
        if (takes.Contains(typeof(Query)))
            foreach (var name in Filters.Value.GetValueOrDefault(render?.Id ?? "") ?? [])
                operation.Parameters.Add(Parameter(name, JsonSchemaType.String, null));
        if (takes.Contains(typeof(Paging)))
        {
            operation.Parameters.Add(Parameter("cursor", JsonSchemaType.String, "The cursor of the last item on the previous page."));
            operation.Parameters.Add(Parameter("limit", JsonSchemaType.Integer, "The maximum number of items to return, from 1 to 100. Default: 20."));
        }
        if (metadata.OfType<IAllowAnonymous>().Any())
            return Task.CompletedTask;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Sentences(RenderOperation? render, IList<object> metadata)
    {
        if (metadata.OfType<NeedsPermission>().FirstOrDefault() is { } needs)
            yield return $"Requires the permission {needs.Permission}.";
        if (render?.Differs is { } differs)
            yield return $"Difference from Render: {differs.TrimEnd('.')}.";
    }

    private static OpenApiParameter Parameter(string name, JsonSchemaType type, string? description) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = new OpenApiSchema { Type = type } };

    private static Dictionary<string, string[]> ReadFilters()
    {
        using var lines = new StreamReader(typeof(OperationDescription).Assembly.GetManifestResourceStream("filters.tsv")!);
        var filters = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (lines.ReadLine()?.Split('\t') is [var operation, var names])
            filters[operation] = names.Split(',');
        return filters;
    }
}
