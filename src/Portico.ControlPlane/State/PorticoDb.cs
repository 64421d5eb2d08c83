using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

/// <summary>The complete state. Everything else can be restored from it.</summary>
internal sealed class PorticoDb(DbContextOptions<PorticoDb> options, SecretColumns secrets) : DbContext(options)
{
    public DbSet<WorkspaceRow> Workspaces => Set<WorkspaceRow>();

    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<MemberRow> Members => Set<MemberRow>();

    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();

    public DbSet<LoginRow> Logins => Set<LoginRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();

    public DbSet<SignInLinkRow> SignInLinks => Set<SignInLinkRow>();

    public DbSet<DeviceGrantRow> DeviceGrants => Set<DeviceGrantRow>();

    public DbSet<InvitationRow> Invitations => Set<InvitationRow>();

    public DbSet<AuditRow> AuditLogs => Set<AuditRow>();

    public DbSet<RegistryCredentialRow> RegistryCredentials => Set<RegistryCredentialRow>();

    public DbSet<NotificationSettingsRow> NotificationSettings => Set<NotificationSettingsRow>();

    public DbSet<NotificationOverrideRow> NotificationOverrides => Set<NotificationOverrideRow>();

    public DbSet<ProjectRow> Projects => Set<ProjectRow>();

    public DbSet<EnvironmentRow> Environments => Set<EnvironmentRow>();

    public DbSet<ServiceRow> Services => Set<ServiceRow>();

    public DbSet<EnvVarRow> EnvVars => Set<EnvVarRow>();

    public DbSet<SecretFileRow> SecretFiles => Set<SecretFileRow>();

    public DbSet<EnvGroupRow> EnvGroups => Set<EnvGroupRow>();

    public DbSet<EnvGroupLinkRow> EnvGroupLinks => Set<EnvGroupLinkRow>();

    public DbSet<DataStoreRow> DataStores => Set<DataStoreRow>();

    public DbSet<CustomDomainRow> CustomDomains => Set<CustomDomainRow>();

    public DbSet<RemovalRow> Removals => Set<RemovalRow>();

    public DbSet<DiskRemovalRow> DiskRemovals => Set<DiskRemovalRow>();

    public DbSet<DeployRow> Deploys => Set<DeployRow>();

    public DbSet<BlueprintRow> Blueprints => Set<BlueprintRow>();

    public DbSet<BlueprintResourceRow> BlueprintResources => Set<BlueprintResourceRow>();

    public DbSet<DeployNoteRow> DeployNotes => Set<DeployNoteRow>();

    public DbSet<GitKeyRow> GitKeys => Set<GitKeyRow>();

    public DbSet<SshKeyRow> SshKeys => Set<SshKeyRow>();

    public DbSet<ServiceHooksRow> ServiceHooks => Set<ServiceHooksRow>();

    public DbSet<FollowedBranchRow> FollowedBranches => Set<FollowedBranchRow>();

    public DbSet<PushRow> Pushes => Set<PushRow>();

    public DbSet<JobRow> Jobs => Set<JobRow>();

    public DbSet<CronScheduleRow> CronSchedules => Set<CronScheduleRow>();

    public DbSet<SyncRow> Syncs => Set<SyncRow>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<WebhookRow> Webhooks => Set<WebhookRow>();

    public DbSet<DeliveryRow> Deliveries => Set<DeliveryRow>();

    public DbSet<WebhookAttemptRow> WebhookAttempts => Set<WebhookAttemptRow>();

    /// <summary>Saves what counts against a quota in a transaction, in which <see cref="WorkspaceQuotas"/> counts too.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (Database.CurrentTransaction is not null || !WorkspaceQuotas.Counts(this))
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        AccessModel.Build(modelBuilder, secrets);
        JobsModel.Build(modelBuilder);
        NotificationsModel.Build(modelBuilder, secrets);
        modelBuilder.Entity<ServiceRow>(service =>
        {
            service.HasKey(row => row.Id);
            service.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
            service.HasIndex(row => row.Slug).IsUnique();
            service.HasIndex(row => row.DiskId).IsUnique();
            service.HasIndex(row => row.AddressNumber).IsUnique();
            // All that is asked of each cron job again and again, so that its row need not be read.
            service.HasIndex(row => new { row.Type, row.Suspended, row.RoutedDeployId, row.Version, row.Id });
            service.Property(row => row.Version).IsConcurrencyToken();
            service.Property(row => row.Settings).HasConversion(secrets.SettingsConverter());
            service.Property(row => row.Pending).HasConversion(StoredJson.NullableConverter<PendingDeploy>());
            // Few services have one, and they are looked for at every signal.
            service.HasIndex(row => row.Id, "IX_Services_Pending").HasFilter("\"Pending\" IS NOT NULL");
        });
        modelBuilder.Entity<EnvVarRow>(variable =>
        {
            variable.HasKey(row => new { row.OwnerId, row.Key });
            variable.Property(row => row.Source).HasConversion(secrets.Converter<Core.Services.EnvVarSource>());
        });
        modelBuilder.Entity<SecretFileRow>(file =>
        {
            file.HasKey(row => new { row.OwnerId, row.Name });
            file.Property(row => row.Content).HasConversion(secrets.Converter<string>());
        });
        modelBuilder.Entity<EnvGroupRow>(group =>
        {
            group.HasKey(row => row.Id);
            group.HasIndex(row => new { row.WorkspaceId, row.Name }).IsUnique();
            group.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<EnvGroupLinkRow>().HasKey(row => new { row.ServiceId, row.GroupName });
        modelBuilder.Entity<DataStoreRow>(store =>
        {
            store.HasKey(row => row.Id);
            store.HasIndex(row => new { row.WorkspaceId, row.Kind, row.Name }).IsUnique();
            store.HasIndex(row => row.AddressNumber).IsUnique();
            store.Property(row => row.Version).IsConcurrencyToken();
            store.Property(row => row.Settings).HasConversion(StoredJson.Converter<DataStoreSettings>());
            store.Property(row => row.Identity).HasConversion(secrets.Converter<DataStoreIdentityData>());
            store.Property(row => row.Users).HasConversion(secrets.NullableConverter<IReadOnlyList<Core.DataStores.PostgresUser>>());
            store.Property(row => row.Failure).HasConversion(StoredJson.NullableConverter<Core.Deploys.DeployFailure>());
        });
        modelBuilder.Entity<RemovalRow>().HasKey(row => row.Owner);
        modelBuilder.Entity<DiskRemovalRow>().HasKey(row => row.Volume);
        modelBuilder.Entity<CustomDomainRow>(domain =>
        {
            domain.HasKey(row => row.Id);
            domain.HasIndex(row => row.Name).IsUnique();
            domain.HasIndex(row => row.ServiceId);
            domain.Property(row => row.Version).IsConcurrencyToken();
        });
        modelBuilder.Entity<DeployRow>(deploy =>
        {
            deploy.HasKey(row => row.Id);
            deploy.HasIndex(row => new { row.ServiceId, row.Id });
            deploy.HasIndex(row => row.Status);
            deploy.Property(row => row.Version).IsConcurrencyToken();
            deploy.Property(row => row.Environment).HasConversion(secrets.NullableConverter<Dictionary<string, string>>());
            deploy.Property(row => row.SecretFiles).HasConversion(secrets.NullableConverter<Dictionary<string, string>>());
            deploy.Property(row => row.RequestedBy).HasConversion(StoredJson.NullableConverter<Actor>());
            deploy.Property(row => row.Failure).HasConversion(StoredJson.NullableConverter<Core.Deploys.DeployFailure>());
            deploy.Property(row => row.Settings).HasConversion(secrets.SettingsConverter());
        });
        modelBuilder.Entity<BlueprintRow>().HasKey(row => row.Id);
        modelBuilder.Entity<BlueprintRow>().Property(row => row.Version).IsConcurrencyToken();
        modelBuilder.Entity<BlueprintRow>().Property(row => row.Skipped).HasConversion(StoredJson.NullableConverter<IReadOnlyList<SkippedByBlueprint>>());
        modelBuilder.Entity<BlueprintResourceRow>().HasKey(row => new { row.BlueprintId, row.ResourceId });
        modelBuilder.Entity<DeployNoteRow>(note =>
        {
            note.HasKey(row => row.Number);
            note.HasIndex(row => row.DeployId);
        });
        GitModel.Build(modelBuilder, secrets);
        modelBuilder.Entity<PushRow>().HasKey(row => row.Id);
        modelBuilder.Entity<SyncRow>(sync =>
        {
            sync.HasKey(row => row.Id);
            sync.HasIndex(row => row.BlueprintId);
        });
        modelBuilder.Entity<EventRow>(entry =>
        {
            entry.HasKey(row => row.Id);
            entry.HasIndex(row => new { row.ResourceId, row.Id });
            entry.HasIndex(row => row.OnceKey).IsUnique();
            entry.HasIndex(row => row.Id, "IX_Events_New").HasFilter("\"IsNew\"");
        });
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite cannot order a DateTimeOffset; ticks in UTC it can.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }
}
