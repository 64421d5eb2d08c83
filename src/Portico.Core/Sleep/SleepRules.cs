using Portico.Core.Services;

namespace Portico.Core.Sleep;

/// <summary>Decides which services sleep: web services on the free plan, unless the operator turned sleeping off.</summary>
/// <remarks>As in https://render.com/docs/free.</remarks>
public static class SleepRules
{
    /// <param name="sleepAfter">How long a service must have had no traffic; zero turns sleeping off.</param>
    public static bool MaySleep(ServiceType type, string? plan, TimeSpan sleepAfter) =>
        sleepAfter > TimeSpan.Zero && type == ServiceType.WebService && plan == "free";
}
