using Portico.Cli;
using Portico.Cli.Hosting;

// Answer --version before loading anything else: scripts and launchers call it often.
if (args is ["--version"])
{
    Console.WriteLine(AppVersion.Text);
    return ExitCode.Ok;
}
using var interrupts = new Interrupts();
return await App.RunAsync(args, CliHost.FromProcess(), interrupts.Token);
