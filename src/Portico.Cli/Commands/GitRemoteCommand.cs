using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Sources;

namespace Portico.Cli.Commands;

internal static class GitRemoteCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("git", "Deploy by `git push`.") { Remote(host) };
        return (command, ["portico git remote         # once, in your repository", "git push portico main"]);
    }

    private static Command Remote(CliHost host)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "What the repository is called on the platform. Default: as its directory.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var remote = new Option<string>("--remote", "-r")
        {
            Description = "What your Git calls the platform.",
            HelpName = "REMOTE",
            DefaultValueFactory = _ => "portico",
        };
        var command = new Command("remote", "Make `git push portico` deploy the repository that you are in.") { name, remote };
        command.SetAction((parsed, cancellationToken) =>
            new PushRemote(host).AddAsync(parsed.GetValue(name), parsed.GetValue(remote)!, cancellationToken));
        return command;
    }
}
