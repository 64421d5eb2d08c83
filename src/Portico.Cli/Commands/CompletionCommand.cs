using System.CommandLine;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _portico() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _portico portico
            """,
        ["zsh"] = """
            #compdef portico
            _portico() {
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a found
                (( ${#found} )) || _files
            }
            compdef _portico portico
            """,
        ["fish"] = """
            complete -c portico -a '(portico "[suggest:"(commandline -C)"]" (commandline -b) 2>/dev/null)'
            """,
    };

    public static (Command, string[]) Create(CliHost host)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell: bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completion", "Print a shell completion script for commands and names.") { shell };
        command.SetAction(parsed =>
        {
            host.Out.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return ExitCode.Ok;
        });
        return (command,
        [
            "eval \"$(portico completion bash)\"                                   # in ~/.bashrc",
            "eval \"$(portico completion zsh)\"                                    # in ~/.zshrc, after compinit",
            "portico completion fish > ~/.config/fish/completions/portico.fish",
        ]);
    }
}
