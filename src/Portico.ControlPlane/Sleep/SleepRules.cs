using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Services;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sleep;

/// <summary>Which services sleep: web services on the free plan, unless the operator wants none to.</summary>
/// <remarks>As in https://render.com/docs/free.</remarks>
public static class SleepRules
{
    public static bool MaySleep(ServiceRow service, PlatformSettings settings)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(settings);
        return settings.SleepAfter > TimeSpan.Zero && service is { Type: ServiceType.WebService, Settings.Plan: "free" };
    }
}
