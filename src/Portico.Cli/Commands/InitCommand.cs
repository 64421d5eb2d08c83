using System.CommandLine;
using Portico.Cli.Detection;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class InitCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var directory = new Argument<string?>("DIR") { Description = "The directory of the app. Default: the current directory.", Arity = ArgumentArity.ZeroOrOne };
        var force = new Option<bool>("--force") { Description = "Overwrite the render.yaml if it exists." };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON, with the reasons." };
        var command = new Command("init", "Recognize the app in a directory and write a render.yaml for it. Changes nothing else.") { directory, force, json };
        command.SetAction(parsed => new InitRun(host, parsed.GetValue(directory), parsed.GetValue(force), parsed.GetValue(json)).Run());
        return (command, ["portico init", "portico init ./shop", "portico init --force --json"]);
    }
}
