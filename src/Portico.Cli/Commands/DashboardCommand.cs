using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DashboardCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("dashboard", "Open the dashboard in the browser, signed in, and print the link. It works once, within 15 minutes.");
        command.SetAction((_, cancellationToken) => RunAsync(host, cancellationToken));
        return (command, ["portico dashboard"]);
    }

    private static async Task<int> RunAsync(CliHost host, CancellationToken cancellationToken)
    {
        if (!DashboardBuild.Exists(host))
            throw new CliException("The dashboard is not built.", DashboardBuild.Advice);
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var link = await server.Client.CreateLoginLinkAsync(cancellationToken);
        host.Out.WriteLine(link.Url);
        Browser.Show(host, link.Url);
        return ExitCode.Ok;
    }
}
