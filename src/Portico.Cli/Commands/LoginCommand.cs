using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class LoginCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("login", "Approve the login of clients such as Render's CLI.") { Approve(host) };
        return (command, ["portico login approve BCDF-GHJK"]);
    }

    private static Command Approve(CliHost host)
    {
        var code = new Argument<string>("CODE") { Description = "The code that the client shows." };
        var command = new Command("approve", "Approve a login. The client then acts as the owner of this machine.") { code };
        command.SetAction((parsed, cancellationToken) => ApproveAsync(host, parsed.GetRequiredValue(code), cancellationToken));
        return command;
    }

    private static async Task<int> ApproveAsync(CliHost host, string code, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var approved = await server.Client.ApproveLoginAsync(new ApproveLogin(code), cancellationToken);
        host.Out.WriteLine($"The client is logged in as {approved.User}. `portico keys list` shows the login; `portico keys revoke ID` revokes it.");
        return ExitCode.Ok;
    }
}
