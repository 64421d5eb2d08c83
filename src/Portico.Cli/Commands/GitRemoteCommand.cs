using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Sources;

namespace Portico.Cli.Commands;

internal static class GitRemoteCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("git", "Deploy with `git push`.") { Remote(host) };
        return (command, ["portico git remote         # once, in your repository", "git push portico main"]);
    }

    private static Command Remote(CliHost host)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "The name of the repository in Portico. Default: the name of its directory.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var remote = new Option<string>("--remote", "-r")
        {
            Description = "The name of the Git remote.",
            HelpName = "REMOTE",
            DefaultValueFactory = _ => "portico",
        };
        var command = new Command("remote", "Add a Git remote, so that `git push portico` deploys the current repository.") { name, remote };
        command.SetAction((parsed, cancellationToken) =>
            new PushRemote(host).AddAsync(parsed.GetValue(name), parsed.GetValue(remote)!, cancellationToken));
        return command;
    }
}
