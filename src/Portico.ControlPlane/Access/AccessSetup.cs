using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Access;

/// <summary>Registers users, API keys, logins and permissions.</summary>
internal static class AccessSetup
{
    public static IServiceCollection AddAccess(this IServiceCollection services, PlatformPaths paths)
    {
        services.AddSingleton(_ => OwnerKey.LoadOrCreate(paths.ApiKey)).AddSingleton<Callers>().AddSingleton<Keys>().AddSingleton<DeviceLogin>().AddSingleton<Invitations>().AddSingleton<OpenStreams>();
        services.AddSingleton<Sessions>().AddSingleton<SignInLinks>();
        services.AddSingleton<ApiKeyUsage>().AddHostedService(provider => provider.GetRequiredService<ApiKeyUsage>());
        return services.AddReconciler<AccessSweeper>();
    }
}
