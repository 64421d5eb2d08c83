using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Shells.Ssh;

namespace Portico.ControlPlane.Shells;

/// <summary>Registers shells and commands that users run by hand.</summary>
internal static class ShellsSetup
{
    public static IServiceCollection AddShells(this IServiceCollection services) => services
        .AddSingleton<ShellLimits>().AddSingleton<ShellTargets>().AddSingleton<ShellAccess>().AddSingleton<ShellAudit>()
        .AddSingleton<HeldSandboxes>().AddSingleton<ShellSessions>()
        .AddSingleton<SshState>().AddSingleton<SshKeys>().AddSingleton<EphemeralShells>().AddSingleton<SshListener>()
        .AddSingleton<SshServer>().AddHostedService(provider => provider.GetRequiredService<SshServer>());
}
