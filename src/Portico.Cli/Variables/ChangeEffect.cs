using Portico.Api.Contracts.Render;

namespace Portico.Cli.Variables;

internal static class ChangeEffect
{
    /// <summary>Says when running instances get a change of a service.</summary>
    /// <param name="itself">What happens if the service deploys its changes itself, without a full stop.</param>
    public static string Of(Service service, string itself) => service switch
    {
        { Suspended: "suspended" } => $"It is suspended: the change takes effect with `portico resume {service.Name}`.",
        { AutoDeploy: "no" } => $"Its auto-deploy is off: the change takes effect with `portico deploy {service.Name}`.",
        _ => $"{itself}. Watch it with `portico deploys {service.Name}`.",
    };
}
