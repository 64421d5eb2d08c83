using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Jobs;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class JobsCommand
{
    private const int Usual = 10;

    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("jobs", "Run, list and cancel one-off jobs of a service.") { List(host), Run(host), Cancel(host) };
        return (command, ["portico jobs run api 'npm run migrate'", "portico jobs list api", "portico jobs cancel api job-06dn5p7q2ho1gshq57rg"]);
    }

    private static Argument<string> ServiceArgument(CliHost host) =>
        NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker", "cron_job");

    private static Command List(CliHost host)
    {
        var (name, limit) = (ServiceArgument(host), LimitOption.Create(Usual));
        var json = new Option<bool>("--json") { Description = "Print the jobs as a JSON array." };
        var command = new Command("list", "List the jobs of a service, newest first.") { name, limit, json };
        command.SetAction((parsed, cancellationToken) => ListAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(limit), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Run(CliHost host)
    {
        var name = ServiceArgument(host);
        var line = new Argument<string>("COMMAND") { Description = "The command for the shell of the service, as one argument." };
        var plan = new Option<string?>("--plan") { Description = "The id of the plan, which limits memory and CPU. Default: the plan of the service.", HelpName = "ID" };
        var detach = new Option<bool>("--detach", "-d") { Description = "Exit at once, without waiting until the job has ended." };
        var json = new Option<bool>("--json") { Description = "Print the job as JSON." };
        var command = new Command("run", "Run a command once with the files and variables of a service's live deploy, and wait until it has ended.") { name, line, plan, detach, json };
        command.SetAction((parsed, cancellationToken) => new JobRun(host, parsed.GetValue(detach), parsed.GetValue(json)).RunAsync(
            parsed.GetRequiredValue(name), new JobPost(parsed.GetRequiredValue(line), parsed.GetValue(plan)), cancellationToken));
        return command;
    }

    private static Command Cancel(CliHost host)
    {
        var (name, job) = (ServiceArgument(host), new Argument<string>("JOB") { Description = "The id of the job, from `jobs list`." });
        var command = new Command("cancel", "Cancel a job that waits or runs.") { name, job };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var service = server.FindService(parsed.GetRequiredValue(name));
            var canceled = await server.Client.CancelJobAsync(service.Id, parsed.GetRequiredValue(job), cancellationToken);
            host.Out.WriteLine($"Canceling {canceled.Id}. Watch it with `portico jobs list {service.Name}`.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> ListAsync(CliHost host, string name, int limit, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var jobs = await server.Client.ListJobsAsync(service.Id, limit, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. jobs], CliJson.Readable.JobArray));
        else if (jobs.Count == 0)
            host.Out.WriteLine($"{service.Name} has run no jobs. Run one with `portico jobs run {service.Name} COMMAND`.");
        else
            Write(host, jobs);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<Job> jobs)
    {
        var table = new TextTable("ID", "STATUS", "CREATED", "DURATION", "COMMAND");
        foreach (var job in jobs)
            table.Add(
                new(job.Id, host.OutStyle.Bold), new(job.Status ?? "-", PaintOf(host.OutStyle, job.Status)), TimeText.Of(job.CreatedAt),
                TimeText.Between(job.StartedAt, job.FinishedAt), job.StartCommand);
        table.Write(host.Out, host.OutStyle);
    }

    private static Func<string, string> PaintOf(Style style, string? status) => status switch
    {
        "succeeded" => style.Green,
        "failed" => style.Red,
        "canceled" => style.Dim,
        _ => style.Yellow,
    };
}
