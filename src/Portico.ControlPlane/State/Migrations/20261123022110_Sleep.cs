using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class Sleep : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LastTrafficAt",
                table: "Services",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Sleep",
                table: "Services",
                type: "TEXT",
                nullable: false,
                defaultValue: "Awake");

            migrationBuilder.AddColumn<long>(
                name: "SleepSince",
                table: "Services",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "LastTrafficAt",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "Sleep",
                table: "Services");

            migrationBuilder.DropColumn(
                name: "SleepSince",
                table: "Services");
        }
    }
}
