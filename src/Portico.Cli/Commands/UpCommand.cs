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
            Description = "A render.yaml, or a directory that contains one. Default: the current directory. If it has none: the app that Portico recognizes there, or the example app if nothing is deployed yet.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var detach = new Option<bool>("--detach", "-d") { Description = "Exit when everything is live instead of following the logs." };
        var set = new Option<string[]>("--set")
        {
            Description = "Set a variable that is declared with sync: false. Repeatable. Use SERVICE.KEY=VALUE to set it for one service only.",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var skip = new Option<string[]>("--skip")
        {
            Description = "Leave a service or data store as it is, for example one that cannot run here. Repeatable.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var noInput = new Option<bool>("--no-input") { Description = "Do not prompt. Fail if a value is missing." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Without a render.yaml, deploy the app that Portico recognizes without asking." };
        var command = new Command("up", "Deploy a render.yaml: build, start and connect everything in it.") { path, detach, set, skip, noInput, yes };
        command.SetAction((parsed, cancellationToken) => new UpRun(host, new UpOptions(
            parsed.GetValue(path), parsed.GetValue(detach), parsed.GetValue(set) ?? [], parsed.GetValue(skip) ?? [], parsed.GetValue(noInput), parsed.GetValue(yes))).RunAsync(cancellationToken));
        return (command, ["portico up", "portico up ./shop --detach", "portico up --set api.STRIPE_KEY=sk_test_123 --no-input", "portico up --skip search"]);
    }
}
