using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Autostart;

/// <summary>Tells the user once, after the first <c>up</c> as root, that the platform can start at boot.</summary>
internal static class AutostartHint
{
    public static void Write(CliHost host, PlatformPaths paths)
    {
        var unit = new PlatformUnit(host, paths);
        var told = Path.Combine(paths.State, "autostart.told");
        if (Systemd.OfUser || !unit.Systemd.IsBooted || unit.IsThere || !Directory.Exists(paths.State) || File.Exists(told))
            return;
        File.WriteAllText(told, "");
        host.Error.WriteLine(host.ErrorStyle.Dim("To start Portico at boot: portico autostart enable"));
    }
}
