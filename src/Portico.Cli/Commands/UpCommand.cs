using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class UpCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var path = new Argument<string?>("DIR|FILE")
        {
            Description = "A directory with a render.yaml, or the file itself. Default: here, or else the example.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var detach = new Option<bool>("--detach", "-d") { Description = "Return when all is live, instead of following the logs." };
        var set = new Option<string[]>("--set")
        {
            Description = "A value that the Blueprint asks for (sync: false). May be repeated; SERVICE.KEY=VALUE where services differ.",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var noInput = new Option<bool>("--no-input") { Description = "Never ask; a missing value is an error." };
        var command = new Command("up", "Build, start and connect everything in a render.yaml.") { path, detach, set, noInput };
        command.SetAction((parsed, cancellationToken) => new UpRun(host, new UpOptions(
            parsed.GetValue(path), parsed.GetValue(detach), parsed.GetValue(set) ?? [], parsed.GetValue(noInput))).RunAsync(cancellationToken));
        return (command, ["portico up", "portico up ./shop --detach", "portico up --set api.STRIPE_KEY=sk_test_123 --no-input"]);
    }
}
