using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Blueprints;

/// <summary>Registers the planning and applying of Blueprints.</summary>
internal static class BlueprintsSetup
{
    public static IServiceCollection AddBlueprints(this IServiceCollection services)
    {
        services.AddSingleton<BlueprintReader>().AddSingleton<BlueprintDomains>().AddSingleton<BlueprintRecorder>().AddSingleton<PlanWriter>();
        services.AddSingleton<BlueprintSources>().AddSingleton<BlueprintExport>();
        return services.AddSingleton<BlueprintApplier>();
    }
}
