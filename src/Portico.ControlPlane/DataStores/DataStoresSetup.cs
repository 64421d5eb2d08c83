using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.DataStores;

/// <summary>Registers PostgreSQL databases and Key Value stores.</summary>
internal static class DataStoresSetup
{
    public static IServiceCollection AddDataStores(this IServiceCollection services)
    {
        services.AddSingleton<DataStoreFactory>().AddSingleton<DataStoreCreation>().AddSingleton<DataStoreChanges>().AddSingleton<DataStoreEvents>();
        services.AddSingleton<PostgresInput>().AddSingleton<KeyValueInput>().AddScoped<DataStoreOperations>().AddScoped<DataStoreWrites>();
        services.AddSingleton<DataStoreTransitions>().AddSingleton<DataStoreSteps>();
        return services.AddReconciler<DataStoreReconciler>();
    }
}
