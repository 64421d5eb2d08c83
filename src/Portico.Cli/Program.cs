using Portico.Cli;
using Portico.Cli.Hosting;

// Answered before anything is loaded: scripts and launchers ask for it often.
if (args is ["--version"])
{
    Console.WriteLine(AppVersion.Text);
    return ExitCode.Ok;
}
using var interrupts = new Interrupts();
return await App.RunAsync(args, CliHost.FromProcess(), interrupts.Token);
