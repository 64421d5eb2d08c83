using Microsoft.Extensions.DependencyInjection;

namespace Portico.ControlPlane.Code;

/// <summary>Registers what writes requests as code.</summary>
internal static class CodeSetup
{
    public static IServiceCollection AddCode(this IServiceCollection services) => services.AddSingleton<ServiceCode>().AddScoped<DataStoreCode>();
}
