using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.DataStores;
using Portico.ControlPlane.Services;
using Portico.Core.Access;
using Portico.Core.Engines;
using Portico.Core.Plans;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>What forms for new services and data stores offer.</summary>
internal static class ChoicesApi
{
    private const string Postgres = "postgres", KeyValue = "keyvalue", Static = "static";

    public static void MapChoices(this IEndpointRouteBuilder routes) => routes.MapGet("/choices", Get).Needs(Permission.View);

    private static Ok<ResourceChoices> Get(IEngine engine)
    {
        var runtimes = engine.Capabilities.Runtimes;
        return TypedResults.Ok(new ResourceChoices(
            [.. runtimes.Where(runtime => runtime.Name is not (Postgres or KeyValue or Static)).OrderBy(runtime => runtime.Name, StringComparer.Ordinal).Select(ToChoice)],
            [.. runtimes.Where(runtime => runtime.Name == Postgres).SelectMany(runtime => runtime.Versions.Concat(runtime.Fetchable))
                .Select(version => version.Split('.')[0]).Distinct().OrderByDescending(major => major.Length).ThenByDescending(major => major, StringComparer.Ordinal)],
            Choices(Plans.Service, InstanceTypes.Services, ServiceTerms.DefaultPlan),
            Choices(Plans.Database, InstanceTypes.Postgres, DataStoreFactory.DefaultPostgresPlan),
            Choices(Plans.KeyValue, InstanceTypes.KeyValue, DataStoreFactory.DefaultKeyValuePlan)));
    }

    private static RuntimeChoice ToChoice(RuntimeSupport runtime) => new(
        runtime.Name, runtime.Versions.Count + runtime.Fetchable.Count > 0 ? null : $"{runtime.Problem ?? "It is not installed."} {runtime.Install}".Trim());

    /// <summary>Plans without a size of their own, such as <c>custom</c>, are for files that have them already.</summary>
    private static IReadOnlyList<PlanChoice> Choices(IEnumerable<string> plans, InstanceTypes types, string standard) =>
    [
        .. plans.Select(types.Find).OfType<InstanceType>().OrderBy(type => type.Limits.MemoryBytes).ThenBy(type => type.Limits.CpuMillis)
            .Select(type => new PlanChoice(DataStoreInput.PlanToWire(type.Plan), type.Limits.MemoryBytes ?? 0, type.Limits.CpuMillis, type.Plan == standard)),
    ];
}
